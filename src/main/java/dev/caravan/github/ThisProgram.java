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
 * What questions to GitHub need from the running program.
 *
 * @param settings called again for each question
 * @param place the file that keeps the progress of a recovery
 * @param limits records how much GitHub may still be asked
 * @param secret gives the secret with which an owner's hooks should sign
 */
public record ThisProgram(
    Supplier<Settings> settings,
    Map<String, String> environment,
    ReceivingSide side,
    Path place,
    RateLimits limits,
    Function<HookOwner, String> secret) {}
