package dev.caravan.console;

import dev.caravan.github.ChosenHooks;
import dev.caravan.github.GitHubWork;
import dev.caravan.github.HookReport;
import org.jspecify.annotations.Nullable;

/**
 * What the page about GitHub's side shows.
 *
 * @param hooks the content of the form
 * @param trouble why GitHub cannot be asked; empty when it can
 * @param isRouteBroken whether a route file is broken, in which case less may be wanted than
 *     intended
 * @param answer the answer to the question; null without one
 * @param canRegister whether the answer is a difference that can be fixed
 * @param work the newest work at GitHub; null when there was none
 */
public record GitHubView(
    ChosenHooks hooks,
    String trouble,
    boolean isRouteBroken,
    @Nullable HookReport answer,
    boolean canRegister,
    GitHubWork.@Nullable State work) {}
