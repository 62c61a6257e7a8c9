import { add, batchnorm, conv, dense, from, globalpool, type LayerSpec, network } from './build';
import type { Model } from './types';

/**
 * The residual networks for small images: a 3 x 3 convolution of 16 filters, three stages of 16, 32 and 64 filters with
 * `blocks` basic blocks each, batch norm behind every convolution (which therefore has no bias), mean over the image,
 * one dense layer. The first block of the second and third stage halves the image.
 *
 * Where the size changes, the shortcut is the projection of the paper's option B: a 1 x 1 convolution with stride 2
 * and a batch norm. Option A, which the paper used on CIFAR-10, pads with zeros instead and has no weights there:
 * 2,560 fewer.
 */
function resnet(depth: number, blocks: number, text: string, url: string): Model {
  return {
    id: `resnet-${depth}`,
    name: `ResNet-${depth}`,
    citation: { text, url },
    build: (input, classes) =>
      network(input, [
        conv('conv1', { filters: 16, kernel: 3, padding: 'same', bias: false, activation: 'linear' }),
        batchnorm('conv1.bn'),
        ...stages(blocks),
        globalpool('pool'),
        dense('out', classes, 'linear'),
      ]),
  };
}

function stages(blocks: number): LayerSpec[] {
  const specs: LayerSpec[] = [];
  let source = 'conv1.bn';
  [16, 32, 64].forEach((filters, s) => {
    for (let b = 1; b <= blocks; b++) {
      const name = `s${s + 1}b${b}`;
      specs.push(...basicBlock(name, source, filters, s > 0 && b === 1));
      source = `${name}.add`;
    }
  });
  return specs;
}

/**
 * Two 3 x 3 convolutions, `.1` and `.2`, beside a shortcut; `shrinks` halves the image and projects (`.p`) the
 * shortcut to fit. Names are short because the layer table is narrow.
 */
function basicBlock(name: string, source: string, filters: number, shrinks: boolean): LayerSpec[] {
  const linear = { filters, bias: false, activation: 'linear', padding: 'same' } as const;
  const stride = shrinks ? 2 : 1;
  const projection = [
    from(source, conv(`${name}.p`, { ...linear, kernel: 1, stride })),
    batchnorm(`${name}.p.bn`, 'linear'),
  ];
  return [
    // Before the main path, so that the sum comes right behind that path's end.
    ...(shrinks ? projection : []),
    from(source, conv(`${name}.1`, { ...linear, kernel: 3, stride })),
    batchnorm(`${name}.1.bn`),
    conv(`${name}.2`, { ...linear, kernel: 3 }),
    batchnorm(`${name}.2.bn`, 'linear'),
    add(`${name}.add`, shrinks ? `${name}.p.bn` : source),
  ];
}

/**
 * One block per stage: 77,360 weights on 32 x 32 x 3 with 10 classes. The image-classification network of MLPerf
 * Tiny has the same convolutions, but biases on them and no batch norm on its shortcuts.
 */
export const resnet8 = resnet(
  8,
  1,
  'Banbury, Reddi, Torelli, Holleman and others: MLPerf Tiny benchmark. NeurIPS datasets and benchmarks (2021); blocks of He, Zhang, Ren, Sun: Deep residual learning for image recognition. CVPR (2016)',
  'https://arxiv.org/abs/2106.07597',
);
/** Three blocks per stage: 270,896 weights on 32 x 32 x 3 with 10 classes. */
export const resnet20 = resnet(
  20,
  3,
  'He, Zhang, Ren, Sun: Deep residual learning for image recognition. CVPR (2016), section 4.2, with shortcuts of option B',
  'https://arxiv.org/abs/1512.03385',
);
