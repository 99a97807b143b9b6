package dev.caravan.github;

import dev.caravan.config.Settings;
import dev.caravan.github.api.HookOwner;
import dev.caravan.github.api.RateLimits;
import dev.caravan.github.recovery.ReceivingSide;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The running program, as far as GitHub's side is concerned with it.
 *
 * @param settings read again for each question
 * @param place the file that keeps the progress of a recovery
 * @param limits records how much GitHub may still be asked
 * @param secret what the hooks of an owner should sign with
 */
public record ThisProgram(
    Supplier<Settings> settings,
    Map<String, String> environment,
    ReceivingSide side,
    Path place,
    RateLimits limits,
    Function<HookOwner, String> secret) {}
