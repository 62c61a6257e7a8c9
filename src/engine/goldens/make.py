"""Reference values for rng.test.ts, written from the definitions and not from the code under test.

Run: python3 make.py (no dependency). SHA-256 of the JSON text of [seed, ...names] gives four big-endian
32-bit words: the high and low halves of s0, then those of s1, of xoroshiro128+ (24, 16, 37), of which the
low 32 bits of each sum are used. Two words make a double of 53 bits, two doubles a pair of normals.
"""
import hashlib
import json
import math
import struct

M = (1 << 64) - 1


def rotl(x, k):
    return ((x << k) | (x >> (64 - k))) & M


class Stream:
    def __init__(self, seed, *names):
        text = json.dumps([seed, *names], separators=(",", ":"), ensure_ascii=False)
        self.s0, self.s1 = struct.unpack(">QQ", hashlib.sha256(text.encode()).digest()[:16])

    def word(self):
        out = (self.s0 + self.s1) & 0xFFFFFFFF
        a = self.s0 ^ self.s1
        self.s0, self.s1 = (rotl(self.s0, 24) ^ a ^ (a << 16)) & M, rotl(a, 37)
        return out

    def uniform(self):
        return ((self.word() & (2**26 - 1)) * 2**27 + (self.word() & (2**27 - 1))) / 2**53

    def normals(self, n):
        out = []
        while len(out) < n:
            r, t = math.sqrt(-2 * math.log(1 - self.uniform())), 2 * math.pi * self.uniform()
            out += [r * math.cos(t), r * math.sin(t)]
        return out[:n]


cases = []
for key in ([0], [1, "init", 0, "fc1/kernel"], [4294967295, "order", 2, 0], [7, "größe"]):
    uniform, normal = Stream(*key), Stream(*key)
    cases.append({"key": key, "uniforms": [uniform.uniform() for _ in range(6)], "normals": normal.normals(7)})
json.dump(cases, open("rng.json", "w"), ensure_ascii=False, indent=1)
