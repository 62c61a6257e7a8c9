/**
 * What every WGSL kernel of ours is: code for one pipeline with all shapes baked in, and its bindings in order. Any
 * kernel can also be compiled for a stack: the same work for several networks at once, one after the other along the
 * workgroups' z, each on its own part of the buffers.
 */

export type Groups = readonly [x: number, y: number];
type Access = 'read' | 'read_write' | 'uniform';
/** Element type of a storage array, or type of a uniform. */
export type Binding = readonly [name: string, type: string, access: Access];

export interface Kernel {
  readonly label: string;
  /** Numbered from 0 in group 0; storage arrays are read and written as `name[index]` and in no other way. */
  readonly bindings: readonly Binding[];
  /** `requires` and `enable` lines of the module, for language features that the device was asked for. */
  readonly directives?: string;
  /** Structures, functions, workgroup variables. */
  readonly head: string;
  /** Threads of a workgroup along x and y. */
  readonly threads: readonly [number, number];
  /** Workgroups along z, default 1. */
  readonly depth?: number;
  /** Of the entry point. It sees the builtins of `moduleOf`, and `split`, which is below `depth`. */
  readonly body: string;
  /** Workgroups for that many images (kernels of fixed size ignore it). */
  groups(images: number): Groups;
}

/**
 * The WGSL module of a kernel, with one entry point `main`.
 * @param strides for several networks in one dispatch: bytes between them in each binding, 0 where they share it
 */
export function moduleOf(kernel: Kernel, strides?: readonly number[]): string {
  const { bindings, directives = '', head, threads, depth = 1, body } = kernel;
  const place = (code: string) => (strides ? shifted(code, bindings, strides) : code);
  return `${directives}${bindings.map(declare).join('\n')}
${strides ? 'var<private> network: u32;' : ''}
${place(head)}
@compute @workgroup_size(${threads.join(', ')})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32) {
  let split = group.z % ${depth}u;
  ${strides ? `network = group.z / ${depth}u;` : ''}
${place(body)}
}`;
}

const declare = ([name, type, access]: Binding, i: number): string =>
  access === 'uniform'
    ? `@group(0) @binding(${i}) var<uniform> ${name}: ${type};`
    : `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;`;

/** Every access to an array goes to the part of the network that is being worked on. */
function shifted(code: string, bindings: readonly Binding[], strides: readonly number[]): string {
  const steps = new Map(bindings.map(([name, type], i) => [name, strides[i] / elementBytes(type)]));
  return code.replace(/\b([A-Za-z_]\w*)\[/g, (whole, name: string) => {
    const step = steps.get(name);
    return step ? `${name}[network * ${step}u + ` : whole;
  });
}
function elementBytes(type: string): number {
  const lanes = /^vec(\d)/.exec(type)?.[1];
  return 4 * Number(lanes ?? 1);
}

export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

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

/** A kernel with one thread per element of a line, whose number is `i`. */
export function elementwise(
  label: string,
  bindings: readonly Binding[],
  head: string,
  count: (images: number) => number,
  body: string,
): Kernel {
  const size = 64;
  return {
    label,
    bindings,
    head,
    threads: [size, 1],
    body: `  let i = id.y * groups.x * ${size}u + id.x;
${body}`,
    groups(images) {
      const all = ceilDiv(count(images), size);
      // One axis holds 65535 groups at most.
      const rows = ceilDiv(all, 32768);
      return [rows > 1 ? ceilDiv(all, rows) : all, rows];
    },
  };
}
