/**
 * The calls of GitHub's REST API that this program makes, and no others.
 *
 * <p>{@link dev.caravan.github.api.GitHubApi} has a method for each call; {@link
 * dev.caravan.github.api.RestClient} sends it, keeps to GitHub's limits and tries again what may be
 * tried again; {@link dev.caravan.github.api.Credentials} says in whose name. Nothing here knows
 * deliveries of ours, and nothing here is loaded before somebody asks GitHub something.
 */
@NullMarked
package dev.caravan.github.api;

import org.jspecify.annotations.NullMarked;
