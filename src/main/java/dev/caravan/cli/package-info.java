/**
 * The command line: {@code caravan run}, {@code caravan send}, the commands that look at the log
 * and replay from it, and what joins them.
 *
 * <p>Start with {@link dev.caravan.cli.CaravanCommand}. Every command reads its settings through
 * the same options, prints answers to standard output and complaints to standard error, and ends
 * with 0 when it did what was asked, 1 when it failed and 2 when it was called in a wrong way.
 */
@NullMarked
package dev.caravan.cli;

import org.jspecify.annotations.NullMarked;
