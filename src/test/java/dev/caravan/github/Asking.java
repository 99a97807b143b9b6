package dev.caravan.github;

import dev.caravan.config.SettingSources;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.RateLimits;
import dev.caravan.github.api.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a client of the fake GitHub with settings, an environment and a clock of the test's. */
final class Asking {
  private final Map<String, String> settings = new TreeMap<>();
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> told = new ArrayList<>();
  private Path directory = Path.of("");
  private Waiting time = new TestTime();

  Asking(FakeGitHub gitHub) {
    settings.put("caravan.github.api", gitHub.url());
    settings.put("caravan.github.pause", "0s");
  }

  Asking set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  Asking environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Asking in(Path value) {
    directory = value;
    return this;
  }

  Asking at(Waiting value) {
    time = value;
    return this;
  }

  /** What was said while waiting. */
  List<String> told() {
    return told;
  }

  GitHubApi withToken() {
    return environment("GITHUB_TOKEN", FakeGitHub.TOKEN).api();
  }

  GitHubApi api() {
    Settings read = new Settings(merged());
    return GitHubApi.from(read, environment, directory::resolve, time, told::add);
  }

  /** What the console asks; only for questions that need nothing of this side. */
  GitHubQuestions questions() {
    return new GitHubQuestions(
        new ThisProgram(
            () -> new Settings(merged()),
            environment,
            null,
            directory,
            new RateLimits(),
            any -> ""));
  }

  private Map<String, String> merged() {
    Map<String, String> all =
        new TreeMap<>(new SettingSources(Map.of()).read(null, Map.of()).all());
    all.putAll(settings); // secrets too, as a settings file may have them
    return all;
  }
}
