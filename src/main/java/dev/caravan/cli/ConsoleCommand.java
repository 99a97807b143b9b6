package dev.caravan.cli;

import dev.caravan.files.DurableFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Opens the console of the running server, logged in. */
@Command(
    name = "console",
    description = {
      "Opens the console of the running server in a browser, logged in.",
      "Prints the address too, which logs in once, within 30 minutes."
    })
final class ConsoleCommand implements Callable<Integer> {
  private static final long SECONDS = 5;
  private static final String PAGE = "console-login.html";

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;

  @Option(names = "--print", description = "Print the address without opening a browser.")
  private boolean print;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ServerAccess server = OpenLog.server(settings)) {
      URI link = server.consoleLink();
      out.println(link);
      out.flush();
      if (!print && !opens(page(link))) {
        out.println("No browser could be started; open that address yourself.");
      }
      return ExitCode.OK;
    }
  }

  /**
   * A page that leads to the link and that only its owner can read: every user of a machine can see
   * a browser's arguments.
   */
  private URI page(URI link) {
    Path page = settings.resolve(settings.read().text("caravan.data")).resolve(PAGE);
    try {
      DurableFile.write(
          page,
          "<!doctype html><title>Caravan</title><meta http-equiv=\"refresh\" content=\"0; url=%s\">"
              .formatted(link));
    } catch (IOException e) {
      throw new CommandFailedException(
          "%s cannot be written (%s). Open the address above yourself."
              .formatted(page, e.getClass().getSimpleName()));
    }
    return page.toAbsolutePath().toUri();
  }

  private static boolean opens(URI link) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> command =
        system.startsWith("mac")
            ? List.of("open", link.toString())
            : system.startsWith("windows")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", link.toString())
                : List.of("xdg-open", link.toString());
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      return !process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program, as on a server without a desktop
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
