package dev.caravan.routes;

import dev.caravan.routes.context.RouteSet;
import dev.caravan.routes.source.RouteFileContent;
import dev.caravan.routes.source.SharedPart;
import java.util.stream.Collectors;

/** The running version of a route file. */
record RunningFile(RouteFileContent version, RouteSet routes) {
  /** What it uses from shared files. */
  String sharedText() {
    return version.shared().stream().map(SharedPart::text).collect(Collectors.joining("\n"));
  }
}
