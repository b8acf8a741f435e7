import type {Address, Kernels} from "../kernels/kernels.js";
import type {LossScale} from "../nn/recipe.js";
import type {Remembered} from "../precision/remembered.js";

/** What multiplies the gradient of the loss on the way back, so that small gradients do not vanish in narrow formats. */
export interface LossScaler extends Remembered {
  /** Of the coming step. */
  readonly scale: number;
  /** Steps left out because a gradient was not finite. */
  readonly skippedSteps: number;
  /**
   * Divides the gradients of a step by its scale and finds the scale of the next.
   * @returns whether the step counts; if not, weights and optimizer must be left as they are
   */
  finishStep(gradients: Address, count: number): boolean;
}

/** As PyTorch's GradScaler: start, growth after so many finite steps on end, and fall after one that is not. */
export const dynamicLossScale = {initial: 65536, growth: 2, backoff: 0.5, growthInterval: 2000} as const;

export const lossScaler = (kernels: Pick<Kernels, "scale" | "sumOfSquares">, scale: LossScale): LossScaler =>
  scale === "dynamic" ? dynamicScaler(kernels) : constantScaler(kernels, scale);

function constantScaler(kernels: Pick<Kernels, "scale">, scale: number): LossScaler {
  return {
    scale,
    skippedSteps: 0,
    finishStep(gradients, count) {
      if (scale !== 1) kernels.scale(gradients, 1 / scale, gradients, count);
      return true;
    },
    save: () => [],
    restore: () => {},
  };
}

function dynamicScaler(kernels: Pick<Kernels, "scale" | "sumOfSquares">): LossScaler {
  const {initial, growth, backoff, growthInterval} = dynamicLossScale;
  let scale: number = initial;
  let skippedSteps = 0;
  let finiteSteps = 0;
  return {
    get scale() {
      return scale;
    },
    get skippedSteps() {
      return skippedSteps;
    },
    finishStep(gradients, count) {
      // Squares of float32 numbers cannot overflow the double precision of their sum.
      if (!Number.isFinite(kernels.sumOfSquares(gradients, count))) {
        scale *= backoff;
        skippedSteps += 1;
        finiteSteps = 0;
        return false;
      }
      kernels.scale(gradients, 1 / scale, gradients, count);
      finiteSteps += 1;
      if (finiteSteps === growthInterval) {
        scale *= growth;
        finiteSteps = 0;
      }
      return true;
    },
    save: () => [scale, skippedSteps, finiteSteps],
    restore(numbers) {
      [scale, skippedSteps, finiteSteps] = numbers;
    },
  };
}
