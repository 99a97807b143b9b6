package dev.caravan.cli;

import dev.caravan.libraries.AddedLibraries;
import dev.caravan.libraries.Bundled;
import dev.caravan.libraries.CamelNames;
import dev.caravan.libraries.Coordinates;
import java.io.PrintWriter;
import java.util.List;

/** What {@code lib/} holds and what the jar brings, for {@code caravan add --list}. */
final class LibraryList {
  private final Bundled bundled;
  private final CamelNames camel;

  LibraryList(Bundled bundled, CamelNames camel) {
    this.bundled = bundled;
    this.camel = camel;
  }

  void print(AddedLibraries libraries, PrintWriter out) {
    out.println("In lib/, added by name:");
    lines(libraries.asked().stream().map(this::line).toList(), out);
    out.println("In lib/, all jars that came for these:");
    lines(libraries.jars(), out);
    out.println("In lib/, put there by you:");
    lines(libraries.others(), out);
    out.println("In Caravan's jar, with Camel " + bundled.camelVersion() + ":");
    lines(
        bundled.all().stream()
            .filter(library -> !camel.broughtBy(library.artifact()).isEmpty())
            .map(this::line)
            .toList(),
        out);
  }

  private static void lines(List<String> lines, PrintWriter out) {
    if (lines.isEmpty()) {
      out.println("  nothing");
    }
    lines.forEach(line -> out.println(Terminal.plain("  " + line)));
  }

  private String line(Coordinates library) {
    String name = library.shortName() + " " + library.version();
    List<String> brought = camel.broughtBy(library.artifact());
    return brought.isEmpty() ? name : "%-36s %s".formatted(name, String.join(", ", brought));
  }
}
