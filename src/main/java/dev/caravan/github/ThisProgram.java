package dev.caravan.github;

import dev.caravan.config.Settings;
import dev.caravan.github.api.HookOwner;
import dev.caravan.github.api.RateLimits;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The running program, as far as GitHub's side is concerned with it.
 *
 * @param settings read anew for each question
 * @param place the file that keeps where a recovery is
 * @param limits takes note of how much GitHub may still be asked
 * @param secret what the hooks of an owner are to sign with
 */
public record ThisProgram(
    Supplier<Settings> settings,
    Map<String, String> environment,
    ReceivingSide side,
    Path place,
    RateLimits limits,
    Function<HookOwner, String> secret) {}
