/** The lists, the instructions and the installation weigh no more than the budget file says. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Budget, overweight, readBudget } from './budget.js';
import { type Weights, weigh } from './weigh.js';

describe('the budget', () => {
  let weights: Weights;
  let budget: Budget;
  before(async () => {
    weights = await weigh();
    budget = readBudget();
  });

  it('is kept by every list, every tool, the instructions, the packages and the bundle', () => {
    assert.deepEqual(
      overweight(weights, budget),
      [],
      'npm run tokens prints it; with -- --write it becomes the budget',
    );
  });

  it('names no tool and no text that is gone', () => {
    assert.deepEqual(Object.keys(budget.tools).sort(), Object.keys(weights.tools).sort());
    assert.deepEqual(Object.keys(budget.texts).sort(), Object.keys(weights.texts).sort());
  });

  it('is broken by one token more, and by a tool nobody has budgeted', () => {
    const [[name = '', tokens = 0] = []] = Object.entries(weights.tools);
    const heavier = { ...weights, tools: { ...weights.tools, [name]: tokens + 10_000, another_tool: 1 } };
    assert.deepEqual(overweight(heavier, budget), [
      `${name}: ${tokens + 10_000} tokens, at most ${budget.tools[name]}`,
      'another_tool: 1 tokens, at most 0',
    ]);
  });
});
