package dev.caravan.server;

import static java.util.stream.Collectors.toMap;

import dev.caravan.log.DeliveryLog;
import dev.caravan.rehearsal.stage.Stage;
import dev.caravan.routes.RouteFiles;
import dev.caravan.routes.context.RouteContexts;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.server.camel.CamelRuntime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the program is with its start or stop, and the parts that can be asked already. Safe for
 * use by many threads.
 */
final class Progress {
  private volatile @Nullable CamelRuntime camel;
  private volatile @Nullable RouteFiles routeFiles;
  private volatile String notReady = "starting";

  void has(CamelRuntime started) {
    camel = started;
  }

  void has(RouteFiles opened) {
    routeFiles = opened;
  }

  void isReady() {
    notReady = "";
  }

  void stops() {
    notReady = "stopping";
  }

  /** Why deliveries are not accepted at the moment, or an empty text. */
  String trouble(DeliveryLog log) {
    return notReady.isEmpty() ? log.trouble() : notReady;
  }

  /** The user's route files; null before they are loaded. */
  @Nullable RouteFiles routeFiles() {
    return routeFiles;
  }

  /** Their versions in use, by name. */
  Map<String, String> routeTexts() {
    RouteFiles files = routeFiles;
    return files == null ? Map.of() : files.inUse();
  }

  /** What is wrong with those whose newest version cannot run, by name. */
  Map<String, String> problems() {
    RouteFiles files = routeFiles;
    return files == null
        ? Map.of()
        : files.files().stream()
            .filter(file -> file.problem() != null)
            .collect(toMap(RouteFile::name, file -> String.valueOf(file.problem())));
  }

  /** Lets the user's routes finish their work and stops them; everything else continues. */
  void stopRoutes() {
    RouteFiles files = routeFiles;
    CamelRuntime contexts = camel;
    if (files != null && contexts != null) {
      files.close();
      contexts.stopRoutes();
    }
  }

  /** Contexts in which routes are rehearsed. */
  RouteContexts onStage(Stage stage) {
    CamelRuntime running = camel;
    if (running == null) {
      throw new IllegalStateException("Caravan is starting");
    }
    return running.on(stage);
  }
}
