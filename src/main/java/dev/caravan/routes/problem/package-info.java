/**
 * What is wrong with a route file, in a sentence and with its line. Start with {@link
 * dev.caravan.routes.problem.RouteProblem}.
 */
@NullMarked
package dev.caravan.routes.problem;

import org.jspecify.annotations.NullMarked;
