package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of a library, which Camel finds by their annotations. */
class ScannedPackageTest {
  private static final String CONVERTER =
      """
      package acme;

      import java.util.Map;
      import org.apache.camel.Converter;

      @Converter
      public class Greetings {
        @Converter
        public static Greeting of(Map<?, ?> payload) {
          return new Greeting("hello " + payload.get("ref"));
        }
      }
      """;

  private static final String VALUE =
      """
      package acme;

      public record Greeting(String text) {}
      """;

  private static final String BEAN =
      """
      package acme;

      import java.util.concurrent.atomic.AtomicInteger;
      import org.apache.camel.BindToRegistry;

      @BindToRegistry("greeter")
      public class Greeter {
        private static final AtomicInteger MADE = new AtomicInteger();

        public Greeter() {
          MADE.incrementAndGet();
        }

        public String say(Greeting greeting) {
          return greeting.text() + " by one of " + MADE + "\\n";
        }
      }
      """;

  private static final String CONFIGURATION =
      """
      package acme;

      import org.apache.camel.CamelContext;
      import org.apache.camel.CamelConfiguration;

      public class Options implements CamelConfiguration {
        @Override
        public void configure(CamelContext context) {
          context.getGlobalOptions().put("CamelLogEipName", "acme");
          context.getRegistry().bind("place", context.getName());
        }
      }
      """;

  private static final String ROUTES =
      """
      package acme.more;

      import org.apache.camel.builder.RouteBuilder;

      public class Deploy extends RouteBuilder {
        @Override
        public void configure() {
          from("timer:deploy").to("log:deploy");
        }
      }
      """;

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  @TempDir Path directory;

  @AfterEach
  void putClassLoaderBack() {
    Thread.currentThread().setContextClassLoader(before);
  }

  @Test
  void convertersBeansAndConfigurationsOfAPackageAreThereForRoutes() throws IOException {
    library("Greetings", CONVERTER, "Greeting", VALUE, "Greeter", BEAN, "Options", CONFIGURATION);
    String greet =
        """
        - route:
            id: %s
            from:
              uri: github-webhook:push
              parameters: { maxAttempts: 1 }
              steps:
                - convertBodyTo: { type: acme.Greeting }
                - to: bean:greeter?method=say
                - setBody: { simple: "${bean:place?method=toString}: ${body}" }
                - to: "file:%s?fileName=%s"
        """;
    try (Site site =
        new Site(directory)
            .set("camel.main.basePackageScan", "acme")
            .route("one.camel.yaml", greet.formatted("one", directory, "one"))
            .route("two.camel.yaml", greet.formatted("two", directory, "two"))
            .start()) {
      assertThat(site.post("push", "guid-1", "{\"ref\":\"refs/heads/main\"}")).isEqualTo(202);

      for (String name : List.of("one", "two")) {
        await()
            .untilAsserted(
                () ->
                    assertThat(directory.resolve(name))
                        .hasContent(
                            "caravan-%s.camel.yaml: hello refs/heads/main by one of 1\n"
                                .formatted(name)));
      }
    }
  }

  @Test
  void routesInThePackageAreRefusedByName() throws IOException {
    library("more/Deploy", ROUTES);

    assertThatThrownBy(
            () -> new Site(directory).set("camel.main.base-package-scan", "acme").start())
        .hasMessageContaining("camel.main.basePackageScan is acme")
        .hasMessageContaining("(acme.more.Deploy)")
        .hasMessageContaining("caravan.routes");
  }

  /** Compiles them, and puts them where what is in lib/ is. */
  private void library(String... sources) throws IOException {
    Path source = directory.resolve("source/acme");
    Path classes = Files.createDirectories(directory.resolve("classes"));
    String[] arguments = new String[4 + sources.length / 2];
    arguments[0] = "-d";
    arguments[1] = classes.toString();
    arguments[2] = "-cp";
    arguments[3] = System.getProperty("java.class.path");
    for (int i = 0; i < sources.length; i += 2) {
      Path file = source.resolve(sources[i] + ".java");
      Files.createDirectories(file.getParent());
      arguments[4 + i / 2] = Files.writeString(file, sources[i + 1]).toString();
    }
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments)).isZero();
    Thread.currentThread()
        .setContextClassLoader(new URLClassLoader(new URL[] {classes.toUri().toURL()}, before));
  }
}
