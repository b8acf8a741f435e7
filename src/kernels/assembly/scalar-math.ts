// Transcendental functions of one double, compiled into the module so that they give the same bits everywhere,
// which the ones of JavaScript do not promise.

export function log(x: f64): f64 {
  return NativeMath.log(x);
}

export function exp(x: f64): f64 {
  return NativeMath.exp(x);
}

export function cos(x: f64): f64 {
  return NativeMath.cos(x);
}

export function sin(x: f64): f64 {
  return NativeMath.sin(x);
}
