package dev.caravan.cli;

import dev.caravan.routes.schema.KaotoCatalog;
import dev.caravan.routes.schema.RouteSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the JSON schema of route files. */
@Command(
    name = "schema",
    description = {
      "Prints the JSON schema of route files, which editors use to complete and check them.",
      "caravan schema > routes/caravan.schema.json; docs/editors.md says how editors find it."
    })
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--kaoto",
      paramLabel = "DIRECTORY",
      description =
          "Add github-webhook: to a copy of Kaoto's catalogue in that directory instead, so that Kaoto shows its options.")
  private @Nullable Path kaoto;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (kaoto == null) {
      out.print(RouteSchema.json());
    } else {
      out.printf("github-webhook: and caravan-events: are in %d catalogues now.%n", extend(kaoto));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static int extend(Path directory) {
    try {
      int catalogues = KaotoCatalog.extend(directory);
      if (catalogues > 0) {
        return catalogues;
      }
    } catch (IOException | ClassCastException e) {
      throw new CommandFailedException(
          "%s is not a catalogue of Kaoto's (%s). docs/editors.md says where to get one."
              .formatted(directory, e.getMessage()));
    }
    throw new CommandFailedException(
        "%s has no catalogue of Kaoto's. docs/editors.md says where to get one."
            .formatted(directory));
  }
}
