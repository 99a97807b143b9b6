/**
 * GitHub's side, as the running program asks about it for people: which hooks send here, what is
 * wrong with them, and what of theirs is missing. Start reading with {@link
 * dev.caravan.github.GitHubQuestions} and {@link dev.caravan.github.GitHubWork}.
 */
@NullMarked
package dev.caravan.github;

import org.jspecify.annotations.NullMarked;
