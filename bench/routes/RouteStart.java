import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.camel.builder.RouteBuilder;

/** Writes down when a route begins to work on a delivery: "GUID NANOSECONDS-SINCE-1970", to the file ROUTE_STARTS. */
public class RouteStart extends RouteBuilder {
  @Override
  public void configure() throws Exception {
    PrintStream out = new PrintStream(Files.newOutputStream(Path.of(System.getenv("ROUTE_STARTS"))));
    from("github-webhook:*")
        .routeId("route-start")
        .process(
            exchange -> {
              Instant now = Instant.now();
              String guid = exchange.getMessage().getHeader("X-GitHub-Delivery", String.class);
              out.print(guid + " " + (now.getEpochSecond() * 1_000_000_000 + now.getNano()) + "\n");
            });
  }
}
