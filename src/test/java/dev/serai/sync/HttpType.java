package dev.serai.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

import dev.serai.catalog.Catalog;
import dev.serai.testing.RunningSerai;

import static org.awaitility.Awaitility.await;

/** A connector type without Java that asks one address for models and rows, and for further pages of them. */
final class HttpType {
    static final String NAME = "any_http";

    private static final String KAMELET =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: any-http
              annotations: {serai.dev/category: api, serai.dev/queryable: "true"}
            spec:
              definition:
                title: Any HTTP
                description: Whatever an address answers.
                required: [base_url]
                properties:
                  base_url: {title: Address, description: Where it is., type: string, format: uri, x-destination: true}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setHeader: {name: CamelHttpMethod, constant: GET}
                    - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}"}
                    - choice:
                        when:
                          - simple: "${header.operation} in 'models,read'"
                            steps:
                              - to: "http:source"
                              - setHeader: {name: next, simple: "${header.X-Next}"}
            """;

    private HttpType() {}

    static void add(RunningSerai serai) throws IOException {
        Files.writeString(serai.folder().resolve("kamelets").resolve("any-http.kamelet.yaml"), KAMELET);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> serai.bean(Catalog.class).find(NAME).isPresent());
    }
}
