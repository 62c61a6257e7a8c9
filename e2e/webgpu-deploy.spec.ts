/**
 * Networks deployed on the software adapter: every form in every layer that can have it, against our CPU path. A form
 * that is exact gives the logits of the masked or fake-quantized network, others those of the plain reference.
 */
import { expect, test } from '@playwright/test';
import { openHarness, remote } from './support/harness';

openHarness();

// Of the graph not all weights: each shape has shaders to compile.
for (const [which, most] of [
  ['mlp', 5],
  ['graph', 1],
] as const) {
  test(`${which}: logits and losses in every form as on the CPU`, async ({ page }) => {
    test.setTimeout(240_000);
    const forms = await remote(page, 'deployedForms');
    expect(forms.length).toBeGreaterThan(1);
    const results = await remote(page, 'deployed', which, forms, most);
    for (const form of forms) {
      const { exact, found } = results[form];
      expect(found.length, form).toBeGreaterThan(0);
      for (const { layers, all, one, loss, correct } of found) {
        expect(layers, form).toBeGreaterThan(0);
        // Inputs that are rounded may fall to the other side where a sum differs in its last bit.
        const most = exact ? 1e-4 : 0.05;
        expect(all, `${form}, all images`).toBeLessThan(most);
        expect(one, `${form}, one image`).toBeLessThan(most);
        expect(loss, `${form}, loss`).toBeLessThan(exact ? 1e-3 : 0.5);
        if (exact) expect(correct[0], form).toBe(correct[1]);
      }
    }
  });
}

test('a deployed network is timed, holds nothing when it is gone, and cannot be trained', async ({
  page,
}) => {
  const { held, times, refused, training, end } = await remote(page, 'deployment');
  for (const time of times) if (time !== null) expect(time).toBeGreaterThanOrEqual(0);
  expect(times.filter((time) => time !== null).length).toBeGreaterThanOrEqual(6);
  expect(held[1]).toBe(held[0]);
  expect(held[2]).toBe(held[0]);
  expect(refused).toBe('engine.form');
  expect(training).toContain('deployed');
  expect(end).toMatchObject({ buffers: 0, bytes: 0 });
});
