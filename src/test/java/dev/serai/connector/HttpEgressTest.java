package dev.serai.connector;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;

import static dev.serai.connector.ConnectorFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

/** Where a Kamelet over HTTP can be led to, by its config, by what is asked of it and by what its source answers. */
class HttpEgressTest {
    private static final String SECRET = "S3CRET-of-the-source";
    private static final String KAMELET =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: led
            spec:
              definition:
                title: Led
                required: [base_url]
                properties:
                  base_url: {title: URL, type: string, format: uri, x-destination: true}
                  token: {title: Token, type: string, format: password}
                  read_timeout: {title: Read, type: number, default: 5}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setHeader: {name: CamelHttpMethod, constant: GET}
                    - setHeader: {name: Authorization, simple: "Bearer ${variable.config[token]}"}
                    - choice:
                        when:
                          - simple: "${header.operation} in 'test,models,read'"
                            steps:
                              - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}/${header.operation}"}
                              - to: {uri: "http:led?followRedirects=true"}
            """;

    private final ItemsServer server = new ItemsServer();
    private final ItemsServer elsewhere = new ItemsServer();
    private final RouteWorld world = new RouteWorld(Map.of("led", KAMELET));

    @AfterEach
    void stop() {
        world.close();
        server.close();
        elsewhere.close();
    }

    /** {@code SELF}, {@code ELSEWHERE}: the authority of the source and of another server. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://ELSEWHERE/models",
                "//ELSEWHERE/models",
                "https://SELF/models",
                "http://localhost:PORT/there",
                "http://user@ELSEWHERE/",
                "http://SELF@ELSEWHERE/",
                "http://169.254.169.254/latest/meta-data/",
                "http://metadata.google.internal/",
                "http://[::ffff:169.254.169.254]/",
                "file:///etc/passwd",
                "ftp://SELF/",
                "gopher://SELF/",
            })
    void aRedirectLeadsNowhereElse(String location) {
        redirect("/models", location);
        elsewhere.answer("/", "application/json", "[]");

        Failure failure = failure(() -> world.calls.json(connector(server.url()), "models", RouteWorld.json("{}")));

        assertThat(failure.code()).isIn("redirected", "failed");
        assertThat(elsewhere.asked()).isEmpty();
        assertThat(failure.detail()).doesNotContain(SECRET, location);
    }

    @Test
    void eachHopIsLookedAt() {
        redirect("/models", "/second");
        redirect("/second", "/third");
        redirect("/third", "http://ELSEWHERE/models");
        elsewhere.answer("/", "application/json", "[]");

        assertThat(failure(() -> world.calls.json(connector(server.url()), "models", RouteWorld.json("{}")))
                        .code())
                .isEqualTo("redirected");
        assertThat(server.asked()).extracting(ItemsServer.Asked::uri).containsExactly("/models", "/second", "/third");
        assertThat(elsewhere.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/x,http://a.example/x,false",
        "https://a.example/x,http://a.example:443/x,false",
        "http://a.example/x,https://a.example/x,false",
        "https://a.example/x,https://b.example/x,false",
        "https://a.example/x,https://a.example:444/x,false",
        "https://a.example/x,https://a.example.evil/x,false",
        "https://a.example/x,https://a.example/y,true",
        "https://a.example/x,/y,true",
        "https://a.example/x,HTTPS://A.example/y,true",
    })
    void onlyTheSameSchemeHostAndPortAreFollowed(String from, String location, boolean followed) {
        HttpGet request = new HttpGet(URI.create(from));
        BasicHttpResponse response = new BasicHttpResponse(302);
        response.setHeader("Location", location);

        assertThat(new SameHostRedirects().isRedirected(request, response, HttpClientContext.create()))
                .isEqualTo(followed);
    }

    @Test
    void aSourceCannotSayWhatIsAskedNext() {
        server.on("/models", exchange -> {
            for (String name : List.of("next", "Next", "page", "operation", "connector", "project", "mode")) {
                exchange.getResponseHeaders().add(name, "evil");
            }
            ItemsServer.send(exchange, 200, "application/json", "[{\"name\":\"one\"}]");
        });

        world.calls.json(connector(server.url()), "models", RouteWorld.json("{}"));

        assertThat(server.asked()).as("no second page").hasSize(1);
        assertThat(server.asked().element().headers())
                .doesNotContainKeys("operation", "page", "next", "connector", "project", "mode");
    }

    /** Past the check of the config, as a name that resolves so would come. */
    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254", "http://0xa9fea9fe", "http://[fd00:ec2::254]", "http://0.0.0.0"})
    void aDeniedAddressFailsTheStepResolveAndEveryCall(String url) {
        Connector connector = connector(url);

        TestResult test = world.calls.test(connector);
        assertThat(test.ok()).isFalse();
        assertThat(test.category()).isEqualTo("resolve");
        assertThat(failure(() -> world.calls.json(connector, "models", RouteWorld.json("{}"))))
                .isInstanceOfSatisfying(Failure.Source.class, source -> {
                    assertThat(source.code()).isEqualTo("address_denied");
                    assertThat(source.layer()).isEqualTo(Failure.Layer.RESOLVE);
                });
    }

    @Test
    void noEndpointAndNoRouteShowsASecret() throws Exception {
        server.answer("/", "application/json", "[]");
        Connector connector = connector(server.url());
        world.calls.json(connector, "models", RouteWorld.json("{}"));

        StringBuilder shown = new StringBuilder();
        world.camel.getEndpoints().forEach(endpoint -> shown.append(endpoint.getEndpointUri())
                .append('\n'));
        for (RouteDefinition route : world.camel.getRouteDefinitions()) {
            shown.append(PluginHelper.getModelToXMLDumper(world.camel).dumpModelAsXml(world.camel, route));
        }

        assertThat(server.asked().element().headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(shown).contains("variable.config[token]", "http://led").doesNotContain(SECRET);
    }

    private void redirect(String path, String location) {
        server.on(path, exchange -> {
            exchange.getResponseHeaders().set("Location", filled(location));
            ItemsServer.send(exchange, 302, "text/plain", "");
        });
    }

    private String filled(String location) {
        String self = URI.create(server.url()).getAuthority();
        return location.replace("ELSEWHERE", URI.create(elsewhere.url()).getAuthority())
                .replace("SELF", self)
                .replace("PORT", self.replaceFirst(".*:", ""));
    }

    private Connector connector(String url) {
        return world.save("con_led", "led", "{\"base_url\":\"" + url + "\",\"token\":\"" + SECRET + "\"}");
    }
}
