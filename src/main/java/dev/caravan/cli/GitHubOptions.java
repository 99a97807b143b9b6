package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.github.api.GitHubApi;
import dev.caravan.github.api.HookOwner;
import dev.caravan.github.api.Waiting;
import dev.caravan.github.hooks.FindHooks;
import dev.caravan.github.hooks.HookAddress;
import dev.caravan.github.hooks.HookOwners;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say whose hooks a command works on, and which of those are ours. */
final class GitHubOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--repo",
      paramLabel = "OWNER/NAME",
      description =
          "A repository; OWNER/GLOB for those of an organization, such as 'acme/web-*'. Repeatable.")
  private List<String> repositories = new ArrayList<>();

  @Option(
      names = "--repos-file",
      paramLabel = "FILE",
      description = "A file with names as for --repo, one per line.")
  private @Nullable String file;

  @Option(names = "--org", paramLabel = "NAME", description = "An organization. Repeatable.")
  private List<String> organizations = new ArrayList<>();

  @Option(names = "--app", description = "The GitHub App whose key is configured.")
  private boolean app;

  @Option(
      names = "--url",
      description = "The hook's address as GitHub sees it. Default: caravan.github.url.")
  private @Nullable String url;

  /** The API in the settings; the error output says why something takes long. */
  GitHubApi api(Settings settings, SettingsOptions options) {
    PrintWriter err = command.commandLine().getErr();
    return GitHubApi.from(
        settings,
        options.environment(),
        path -> options.resolve(path.toString()),
        Waiting.REAL,
        err::println);
  }

  /** The owners of the hooks, from the options or else the settings; empty without any. */
  List<HookOwner> owners(Settings settings, SettingsOptions options, GitHubApi api) {
    List<String> configured = HookOwners.from(settings);
    List<HookOwner> owners = new ArrayList<>();
    try {
      organizations.forEach(name -> owners.add(HookOwner.organization(name)));
      if (app) {
        owners.add(HookOwner.APP);
      }
      for (String repository : repositories) {
        owners.addAll(HookOwners.repositories(repository, api));
      }
      for (String repository : inFile(options)) {
        owners.addAll(HookOwners.repositories(repository, api));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage());
    }
    if (!isSaid()) {
      return HookOwners.named(configured, api);
    }
    if (owners.isEmpty()) { // then others must not be taken instead
      throw new CommandFailedException("No repository fits what --repo and --repos-file say.");
    }
    return owners.stream().distinct().toList();
  }

  private boolean isSaid() {
    return app || file != null || !repositories.isEmpty() || !organizations.isEmpty();
  }

  /** The same; refuses none. */
  List<HookOwner> someOwners(Settings settings, SettingsOptions options, GitHubApi api) {
    List<HookOwner> owners = owners(settings, options, api);
    if (owners.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "Whose hooks? Write --repo owner/name, --org name or --app, or set caravan.github.hooks.");
    }
    return owners;
  }

  /** Tells our hooks from others. */
  FindHooks hooks(Settings settings, GitHubApi api) {
    return new FindHooks(api, url(settings), settings.text("caravan.path"));
  }

  /** The hook's address as GitHub sees it; empty when neither option nor setting has it. */
  String url(Settings settings) {
    try {
      if (url == null) {
        return HookAddress.atGitHub(settings);
      }
      return url.isEmpty() ? "" : HookAddress.of(url, settings.text("caravan.path"));
    } catch (InvalidSettingException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private List<String> inFile(SettingsOptions options) {
    if (file == null) {
      return List.of();
    }
    try {
      return Files.readAllLines(options.resolve(file)).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new ParameterException(
          command.commandLine(),
          "--repos-file %s cannot be read: %s.".formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }
}
