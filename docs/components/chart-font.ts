/**
 * Helvetica or a face of the same widths, which nearly every computer has: labels are placed by how wide they will be.
 * The style sheet names the same faces.
 */
export const chartFont = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif';
