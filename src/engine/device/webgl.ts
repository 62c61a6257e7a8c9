/** What WebGL there is for TensorFlow.js. Asks with a throw-away context. */

export interface WebglFacts {
  /** Renderer string, e.g. `ANGLE (Intel, ...)`; empty if there is no usable WebGL 2. */
  renderer: string;
  /** Why it cannot be used; empty if it can. */
  fault: string;
  software: boolean;
}

export function probeWebgl(): WebglFacts {
  const none = (fault: string): WebglFacts => ({ renderer: '', fault, software: false });
  if (typeof OffscreenCanvas === 'undefined') return none('no WebGL outside of a page here');
  // TensorFlow.js refuses an OffscreenCanvas in Safari, and a worker has no other.
  if (isSafari() && typeof document === 'undefined') return none('not in a worker of Safari');
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return none('the browser offers no WebGL 2');
  try {
    // Without it TensorFlow.js computes with 16 bits, which is not the experiment that was asked for.
    if (!gl.getExtension('EXT_color_buffer_float')) return none('no 32-bit float textures');
    const renderer = rendererOf(gl);
    return { renderer, fault: '', software: /swiftshader|llvmpipe|softpipe|basic render/i.test(renderer) };
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
function rendererOf(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}
const isSafari = () => /^((?!chrome|android|firefox).)*safari/i.test(navigator.userAgent);
