/**
 * The vocabulary of ops that a plan is made of, each described in its own folder. An executor is a `Machine`: a
 * flat memory and these ops over byte offsets into it. Floats are 32 bits, matrices row-major, images NHWC, conv
 * kernels HWIO. Every buffer starts at a multiple of 16 and is followed by at least 32 bytes that may be read and,
 * from a buffer being written, rewritten unchanged. NaN propagates in all ops, except that a product with an exact
 * zero of `x` or `dy` may be skipped; convolutions may spread it, and turn infinities into it, within an image.
 */
import type { AddOps } from './add/contract';
import type { AvgPoolOps } from './avg-pool/contract';
import type { BatchNormOps } from './batch-norm/contract';
import type { ConvOps } from './conv/contract';
import type { DenseOps } from './dense/contract';
import type { DepthwiseOps } from './depthwise/contract';
import type { FakeQuantOps } from './fake-quant/contract';
import type { BitmapOps } from './forms/bitmap/contract';
import type { Block4Ops } from './forms/block4/contract';
import type { CodebookOps } from './forms/codebook/contract';
import type { CsrOps } from './forms/csr/contract';
import type { Int8Ops } from './forms/int8/contract';
import type { UnpackOps } from './forms/int8-weights/contract';
import type { NmOps } from './forms/nm/contract';
import type { XnorOps } from './forms/xnor/contract';
import type { GateOps } from './gates/contract';
import type { GatherOps } from './gather/contract';
import type { MaskOps } from './mask/contract';
import type { MaxPoolOps } from './max-pool/contract';
import type { Memory } from './memory';
import type { OptimizerOps } from './optimizer/contract';
import type { PatchesOps } from './patches/contract';
import type { PenaltyOps } from './penalty/contract';
import type { ScoreOps } from './scores/contract';
import type { SoftmaxLossOps } from './softmax-loss/contract';

export interface Machine
  extends Memory,
    AddOps,
    AvgPoolOps,
    BatchNormOps,
    BitmapOps,
    Block4Ops,
    ConvOps,
    CsrOps,
    DenseOps,
    DepthwiseOps,
    FakeQuantOps,
    GateOps,
    GatherOps,
    Int8Ops,
    UnpackOps,
    CodebookOps,
    XnorOps,
    MaskOps,
    MaxPoolOps,
    NmOps,
    OptimizerOps,
    PatchesOps,
    PenaltyOps,
    ScoreOps,
    SoftmaxLossOps {}
