/** What kind of GPU adapter this is. Imports nothing of TensorFlow.js: asking must stay cheap. */

/** `navigator.gpu` in pages and workers; absent in Node and in contexts that are not secure. */
export const gpu = (): GPU | undefined =>
  typeof navigator === 'undefined' ? undefined : (navigator as { gpu?: GPU }).gpu;

/** The adapter Winnow would use, or null. */
export async function requestAdapter(): Promise<GPUAdapter | null> {
  try {
    return (await gpu()?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  } catch {
    return null;
  }
}

/** A CPU that plays GPU (SwiftShader, llvmpipe, WARP): never faster than the SIMD path, never picked by itself. */
export function isSoftware(info: GPUAdapterInfo, fallback = false): boolean {
  if (fallback || info.isFallbackAdapter || info.vendor === 'google') return true;
  const names = `${info.architecture} ${info.device} ${info.description}`;
  return /swiftshader|llvmpipe|lavapipe|softpipe|\bwarp\b|basic render|software/i.test(names);
}

/** e.g. `WebGPU apple metal-3`, `WebGPU google swiftshader (software)`. */
export function adapterName(info: GPUAdapterInfo, fallback = false): string {
  const words = [info.vendor, info.architecture].filter(Boolean);
  const name = words.length > 0 ? words.join(' ') : info.description || info.device || 'GPU';
  return `WebGPU ${name}${isSoftware(info, fallback) ? ' (software)' : ''}`;
}
/** Older browsers say it on the adapter itself. */
export const saysFallback = (adapter: GPUAdapter): boolean =>
  (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter === true;
