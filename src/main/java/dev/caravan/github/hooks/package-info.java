/**
 * The hooks at GitHub that send here: whose they are ({@link dev.caravan.github.hooks.HookOwners}),
 * which are there ({@link dev.caravan.github.hooks.FindHooks}), and how they come to be as they
 * should ({@link dev.caravan.github.hooks.Registration}).
 */
@NullMarked
package dev.caravan.github.hooks;

import org.jspecify.annotations.NullMarked;
