package dev.caravan.github;

import dev.caravan.config.Settings;
import dev.caravan.github.api.HookOwner;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The running program, as far as GitHub's side is concerned with it.
 *
 * @param settings read anew for each question
 * @param place the file that keeps where a recovery is
 * @param secret what the hooks of an owner are to sign with
 */
public record ThisProgram(
    Supplier<Settings> settings,
    Map<String, String> environment,
    ReceivingSide side,
    Path place,
    Function<HookOwner, String> secret) {}
