package dev.serai.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** The OpenAPI file itself. */
@Component
public class OpenapiApi {
    private final byte[] file;

    OpenapiApi() throws IOException {
        this.file = new ClassPathResource(Contract.FILE)
                .getContentAsString(StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8);
    }

    public Answer get(Call call) {
        return new Answer(200, call.accepted(), Map.of(), file);
    }
}
