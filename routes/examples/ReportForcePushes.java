// Posts a line to whoever watches over the code when somebody rewrites history with git push --force.
// A route in Java: for when there is more to say than fits a line of YAML.
//
// To use it, copy this file into routes/ and set, in application.properties or in the environment:
//   watch.url   WATCH_URL   the address to post to; http://localhost:8080/watch unless set
//
// Java routes need a JDK and not only a runtime: the program compiles them when it starts.

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;

public class ReportForcePushes extends RouteBuilder {
  @Override
  public void configure() {
    from("github-webhook:push")
        .routeId("report-force-pushes")
        .filter(exchange -> Boolean.TRUE.equals(exchange.getMessage().getBody(Map.class).get("forced")))
            .setBody(exchange -> report(exchange.getMessage().getBody(Map.class)))
            .removeHeaders("X-GitHub-*")
            .setHeader("Content-Type", constant("text/plain; charset=UTF-8"))
            .to("{{watch.url:http://localhost:8080/watch}}");
  }

  private static String report(Map<?, ?> push) {
    Map<?, ?> repository = object(push, "repository");
    String branch = text(push, "ref").replaceFirst("^refs/heads/", "");
    boolean isDefault = branch.equals(repository.get("default_branch"));
    return "%s rewrote %s of %s%s: %s".formatted(
        text(object(push, "pusher"), "name"),
        branch,
        text(repository, "full_name"),
        isDefault ? ", the default branch" : "",
        text(push, "compare"));
  }

  // In Java it is up to the route: any member of a payload may be null or missing.
  private static Map<?, ?> object(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> object ? object : Map.of();
  }

  private static String text(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof String text ? text : "(unknown)";
  }
}
