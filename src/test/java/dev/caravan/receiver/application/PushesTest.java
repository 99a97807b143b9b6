package dev.caravan.receiver.application;

import java.util.Map;
import org.apache.camel.EndpointInject;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.main.junit5.CamelMainTest;
import org.junit.jupiter.api.Test;

@CamelMainTest(
    mainClass = Application.class,
    replaceRouteFromWith = "pushes=direct:pushes",
    mockEndpointsAndSkip = "http://deployer.internal/*")
class PushesTest {
  @EndpointInject("direct:pushes")
  private ProducerTemplate github;

  @EndpointInject("mock:http:deployer.internal/run")
  private MockEndpoint deployer;

  @Test
  void onlyPushesToMainAreDeployed() throws InterruptedException {
    deployer.expectedMessageCount(1);

    github.sendBodyAndHeader(Map.of("ref", "refs/heads/main"), "X-GitHub-Event", "push");
    github.sendBodyAndHeader(Map.of("ref", "refs/heads/docs"), "X-GitHub-Event", "push");

    deployer.assertIsSatisfied();
  }
}
