package example;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Component;

/** Prints the ref of every push. */
@SpringBootApplication
public class Application {
  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  /** Found by Camel among the beans. */
  @Component
  static class Pushes extends RouteBuilder {
    @Override
    public void configure() {
      from("github-webhook:push").routeId("pushes").log("Pushed: ${body[ref]}");
    }
  }
}
