/**
 * Proofs that nothing is lost: the real program in a process of its own, and whatever can happen to
 * it. Start with {@link dev.caravan.faults.CrashTest}.
 *
 * <p>Every test has a short form that {@code ./mvnw verify} runs; the long forms, tagged {@code
 * long}, are run by {@code ./mvnw verify -Pfaults}.
 */
@NullMarked
package dev.caravan.faults;

import org.jspecify.annotations.NullMarked;
