import {nearestName, usageError} from "../errors.js";
import {fits, type Recipe} from "../nn/recipe.js";

/** Linear layers, and the name of the recipe that they follow. */
export interface LayerRecipe {
  /** See `LayerRule`. */
  readonly layer: string;
  readonly recipe: string;
}

/**
 * Exceptions for single layers from text such as `head=fp32, first=bf16, block 2 mlp down=fp32, * qkv=mxfp8`; empty for
 * none.
 *
 * @param recipes names that are known
 * @throws a usage error that names the part, or the nearest recipe
 */
export function parseLayerRecipes(text: string, recipes: readonly string[]): LayerRecipe[] {
  const parts = text.trim() === "" ? [] : text.split(",");
  return parts.map((part) => {
    const [layer, recipe, ...rest] = part.split("=").map((word) => word.trim());
    if (!layer || !recipe || rest.length > 0) {
      throw usageError(`"${part.trim()}" is not layer=recipe, as in head=fp32 or * qkv=mxfp8`);
    }
    if (!recipes.includes(recipe)) {
      const nearest = nearestName(recipe, recipes);
      const help = nearest ? `did you mean ${nearest}?` : `known are ${recipes.join(", ")}`;
      throw usageError(`unknown recipe "${recipe}" of ${layer}: ${help}`);
    }
    return {layer, recipe};
  });
}

/**
 * @param names of the linear layers of a model of so many blocks
 * @throws a usage error for an exception that is for none of them
 */
export function checkLayers({layers}: Recipe, names: readonly string[], blocks: number): void {
  const unused = layers.find(({layer}) => !names.some((name) => fits(layer, name, blocks)));
  if (!unused) return;
  const nearest = nearestName(unused.layer, names);
  const help = nearest ? `did you mean "${nearest}"?` : "linear layers are head, block 1 qkv and so on";
  throw usageError(`layerRecipes: no layer is called "${unused.layer}"; ${help}`);
}
