package dev.caravan.cli;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.ProgramName;
import dev.caravan.config.SettingSources;
import dev.caravan.libraries.AddedLibraries;
import dev.caravan.libraries.Bundled;
import dev.caravan.libraries.CamelNames;
import dev.caravan.libraries.Coordinates;
import dev.caravan.libraries.Fetching;
import dev.caravan.libraries.LibraryException;
import dev.caravan.wording.Count;
import dev.caravan.wording.NearNames;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fetches connectors, drivers and other libraries into {@code lib/}. */
@Command(
    name = "add",
    description = {
      "Adds libraries to lib/, in the version that fits, with everything they need that the jar does not have.",
      "Without names, fetches again what was added before: after an upgrade, or on another machine."
    })
final class AddCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description =
          "A Camel connector, such as camel-sql, or GROUP:ARTIFACT[:VERSION] of any library.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--list",
      description = "Print what is in lib/ and what the jar brings; add nothing.")
  private boolean list;

  @Option(names = "--remove", description = "Remove these again, with what only they need.")
  private boolean remove;

  @Option(
      names = "--offline",
      description = "Use what Maven already has on this machine; ask no server.")
  private boolean offline;

  @Option(
      names = "--maven-settings",
      paramLabel = "FILE",
      description = "Maven settings with mirrors and proxies. Default: ~/.m2/settings.xml.")
  private @Nullable String mavenSettings;

  private Bundled bundled;
  private CamelNames camel;

  @Override
  public Integer call() {
    if (remove && names.isEmpty()) {
      throw new InvalidSettingException(
          "Which libraries? Name them as %s prints them."
              .formatted(ProgramName.with("add --list")));
    }
    Path directory = directory();
    PrintWriter out = spec.commandLine().getOut();
    bundled = Bundled.read();
    camel = CamelNames.read();
    try {
      AddedLibraries libraries = new AddedLibraries(directory);
      if (list) {
        new LibraryList(bundled, camel).print(libraries, out);
        return ExitCode.OK;
      }
      List<Coordinates> wanted = names.stream().map(this::meant).toList();
      out.print(remove ? moved(libraries.remove(wanted, fetching())) : added(wanted, libraries));
      out.flush();
      return ExitCode.OK;
    } catch (LibraryException e) {
      throw new CommandFailedException(Terminal.plain(String.valueOf(e.getMessage())));
    }
  }

  /** The lib directory here or, for an installed program, beside its jar: it looks in both. */
  private Path directory() {
    if (!Surroundings.of(spec).environment().containsKey(SettingSources.CONFIG)) {
      return Surroundings.of(spec).resolve("lib");
    }
    String program = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
    return Path.of(program).toAbsolutePath().resolveSibling("lib");
  }

  private Fetching fetching() {
    PrintWriter err = spec.commandLine().getErr();
    return new Fetching(
        bundled,
        mavenSettings == null ? null : Surroundings.of(spec).resolve(mavenSettings),
        offline,
        jar -> {
          err.println("  " + Terminal.plain(jar));
          err.flush();
        });
  }

  private String added(List<Coordinates> wanted, AddedLibraries libraries) {
    StringBuilder said = new StringBuilder();
    List<Coordinates> missing = new ArrayList<>();
    for (Coordinates library : wanted) {
      Optional<Coordinates> there = bundled.find(library.group(), library.artifact());
      if (there.isPresent()) {
        said.append(
            "%s is in Caravan's jar already (%s).%n"
                .formatted(library.shortName(), there.get().version()));
      } else {
        missing.add(library);
      }
    }
    if (missing.isEmpty() && !wanted.isEmpty()) {
      return said.toString();
    }
    if (missing.isEmpty() && libraries.asked().isEmpty()) {
      return "Nothing was added to lib/ by name yet.%n".formatted();
    }
    AddedLibraries.Change change = libraries.add(missing, fetching());
    for (Coordinates library : change.asked()) {
      said.append("%s %s%n".formatted(library.shortName(), library.version()));
    }
    if (change.came().isEmpty() && change.went().isEmpty()) {
      return said + "All of it is in lib/ already.%n".formatted();
    }
    return said.append(moved(change)).toString();
  }

  private static String moved(AddedLibraries.Change change) {
    int came = change.came().size();
    int went = change.went().size();
    return String.format(
        Locale.ROOT,
        "%s came into lib/%s. All that was added is %.1f MB.%nStart Caravan again to use it.%n",
        Count.of(came, "jar"),
        went == 0 ? "" : " and %d went".formatted(went),
        change.bytes() / MEGABYTE);
  }

  /** The library that a name on the command line means. */
  private Coordinates meant(String name) {
    try {
      if (name.contains(":")) {
        return Coordinates.parse(name);
      }
      Optional<Coordinates> known = camel.meantBy(name);
      if (known.isPresent()) {
        return known.get();
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(e.getMessage() + ".");
    }
    List<String> near = NearNames.of(name, camel.artifacts());
    throw new InvalidSettingException(
        "Camel %s has no %s. %s"
            .formatted(
                bundled.camelVersion(),
                name,
                near.isEmpty()
                    ? "Any other library is named by GROUP:ARTIFACT."
                    : "Did you mean " + String.join(" or ", near) + "?"));
  }
}
