package dev.caravan.github.api;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds credentials for GitHub: the App in the settings, a token in the settings or the
 * environment, or that of {@code gh}; the first that exists.
 */
final class FindCredentials {
  private static final String APP = "caravan.github.app.id";
  private static final String APP_KEY = "caravan.github.app.key";
  private static final String TOKEN = "caravan.github.token";
  private static final String TOKEN_FILE = "caravan.github.token.file";
  private static final List<String> VARIABLES = List.of("GITHUB_TOKEN", "GH_TOKEN");

  private final Settings settings;
  private final Map<String, String> environment;
  private final UnaryOperator<Path> resolve;

  /**
   * @param resolve resolves a path in the settings for this process
   */
  FindCredentials(Settings settings, Map<String, String> environment, UnaryOperator<Path> resolve) {
    this.settings = settings;
    this.environment = environment;
    this.resolve = resolve;
  }

  /**
   * Finds them.
   *
   * @return null when there are none
   * @throws InvalidSettingException for a setting whose credentials cannot be used
   */
  @Nullable Credentials find(RestClient client, Waiting waiting, String host) {
    String app = settings.text(APP);
    if (!app.isEmpty()) {
      return new App(client, waiting, app(app), key());
    }
    String token = settings.text(TOKEN);
    if (!token.isEmpty()) {
      String checked = token(token, TOKEN);
      return new Token(() -> checked, "the token in " + TOKEN);
    }
    if (!settings.text(TOKEN_FILE).isEmpty()) {
      String unused = inFile(); // refused now, if it cannot be read
      return new Token(this::inFile, "the token in " + settings.text(TOKEN_FILE));
    }
    for (String variable : VARIABLES) {
      String value = environment.getOrDefault(variable, "").strip();
      if (!value.isEmpty()) {
        String checked = token(value, variable);
        return new Token(() -> checked, "the token in " + variable);
      }
    }
    String logged = askGh(host, waiting.forGh());
    return logged == null ? null : new Token(() -> logged, "the token of gh");
  }

  private String app(String id) {
    if (!id.matches(
        "[A-Za-z0-9.]{1,64}")) { // a number, or the client id, which GitHub accepts, too
      throw settings.refuse(APP, "the id of a GitHub App");
    }
    return id;
  }

  private AppKey key() {
    if (settings.text(APP_KEY).isEmpty()) {
      throw new InvalidSettingException(
          "%s is set, but not %s: the file with the App's private key.".formatted(APP, APP_KEY));
    }
    try {
      return AppKey.parse(read(APP_KEY));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(
          "%s is '%s', which %s.".formatted(APP_KEY, settings.text(APP_KEY), e.getMessage()));
    }
  }

  private String read(String key) {
    Path file = resolve.apply(Path.of(settings.text(key)));
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new InvalidSettingException(
          "%s is '%s', which cannot be read (%s)."
              .formatted(key, settings.text(key), e.getClass().getSimpleName()));
    }
  }

  private String inFile() {
    return token(read(TOKEN_FILE), TOKEN_FILE);
  }

  private static String token(String value, String place) {
    if (!value.matches("[\\x21-\\x7e]+")) { // otherwise Java would show it in its error
      throw new InvalidSettingException("%s has no token in it.".formatted(place));
    }
    return value;
  }

  /** The token of GitHub's command line tool, if it is logged in. */
  private @Nullable String askGh(String host, Duration patience) {
    Path gh = onPath("gh");
    if (gh == null) {
      return null;
    }
    Process process = null;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(gh.toString(), "auth", "token", "--hostname", host)
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
          || process.exitValue() != 0) {
        return null;
      }
      String token =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return token.isEmpty() ? null : token(token, "the answer of gh auth token");
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private @Nullable Path onPath(String program) {
    for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(directory.isEmpty() ? "." : directory, program);
      if (!directory.isEmpty() && Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }
}
