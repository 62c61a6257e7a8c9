/** What every WGSL kernel of ours is: code for one pipeline with all shapes baked in, and its bindings in order. */

export type Groups = readonly [x: number, y: number, z: number];
export interface Kernel {
  readonly label: string;
  /** A module with one entry point `main`; bindings are numbered from 0 in group 0. */
  readonly code: string;
  /** How many bindings it has; buffers are given in their order. */
  readonly bindings: number;
  /** Workgroups for that many images (kernels of fixed size ignore it). */
  groups(images: number): Groups;
}

export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

type Access = 'read' | 'read_write' | 'uniform';
/** Declarations of bindings 0, 1, ... as `[name, element or struct type, access]`. */
export function bind(...list: readonly (readonly [name: string, type: string, access: Access])[]): string {
  return list
    .map(([name, type, access], i) =>
      access === 'uniform'
        ? `@group(0) @binding(${i}) var<uniform> ${name}: ${type};`
        : `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;`,
    )
    .join('\n');
}

/** Vectors of four where every row starts at a multiple of four. */
export const vectors = (...lengths: number[]): boolean => lengths.every((n) => n % 4 === 0);
export const element = (vec: boolean): string => (vec ? 'vec4<f32>' : 'f32');
/** Scalar at a float index of an array of scalars or of vectors. */
export const scalar = (name: string, vec: boolean, index: string): string =>
  vec ? `${name}[(${index}) / 4u][(${index}) % 4u]` : `${name}[${index}]`;
/** Four consecutive floats from a float index, which is a multiple of 4 where the array holds vectors. */
export const four = (name: string, vec: boolean, index: string): string =>
  vec
    ? `${name}[(${index}) / 4u]`
    : `vec4<f32>(${[0, 1, 2, 3].map((i) => `${name}[(${index}) + ${i}u]`).join(', ')})`;

/** A kernel with one thread per element of a line. */
export function elementwise(
  label: string,
  bindings: number,
  declarations: string,
  count: (images: number) => number,
  body: string,
): Kernel {
  const size = 64;
  return {
    label,
    bindings,
    code: `${declarations}
@compute @workgroup_size(${size})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * ${size}u + id.x;
${body}
}`,
    groups(images) {
      const all = ceilDiv(count(images), size);
      // One axis holds 65535 groups at most.
      const rows = ceilDiv(all, 32768);
      return [rows > 1 ? ceilDiv(all, rows) : all, rows, 1];
    },
  };
}
