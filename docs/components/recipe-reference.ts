/** The recipe that all others are compared with. */
export const reference = "fp32";
