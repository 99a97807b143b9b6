/**
 * The command line: {@code caravan run}, {@code caravan send}, the commands that look at the log
 * and replay from it, and what they share.
 *
 * <p>Start with {@link dev.caravan.cli.CaravanCommand}. Every command reads its settings through
 * the same options, prints answers to standard output and errors to standard error, and exits with
 * 0 when it did what was asked, 1 when it failed and 2 after a usage error.
 */
@NullMarked
package dev.caravan.cli;

import org.jspecify.annotations.NullMarked;
