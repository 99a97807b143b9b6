package dev.caravan.cli;

import dev.caravan.routes.RouteSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the JSON schema of route files. */
@Command(
    name = "schema",
    description = {
      "Prints the JSON schema of route files, by which editors complete and check them.",
      "caravan schema > routes/caravan.schema.json; docs/editors.md says how editors find it."
    })
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(RouteSchema.json());
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }
}
