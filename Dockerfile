FROM denoland/deno:2.9.6 AS build
WORKDIR /app
COPY deno.json deno.lock ./
COPY shared shared
COPY edge edge
# The server alone: neither the trainer nor the tests, with their packages
RUN deno eval 'const { imports: _, ...config } = JSON.parse(Deno.readTextFileSync("deno.json")); \
    config.workspace = ["./shared", "./edge"]; Deno.writeTextFileSync("deno.json", JSON.stringify(config))' \
  && deno install --entrypoint edge/build.ts edge/hosts/deno.ts edge/hosts/deno_worker.ts edge/hosts/deno_decoder.ts \
  && deno task build:site

FROM denoland/deno:2.9.6
WORKDIR /app
COPY --from=build /app ./
COPY models models
USER deno
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["deno", "eval", "const { ok } = await fetch(`http://127.0.0.1:${Deno.env.get('PORT')}/readyz`); Deno.exit(ok ? 0 : 1)"]
CMD [\
  "run", \
  "--unstable-no-legacy-abort", \
  "--allow-net=localhost,127.0.0.1,0.0.0.0,[::],[::1]", \
  "--allow-read=.", \
  "--allow-sys=setPriority", \
  "--allow-env=PORT,HOST,MODELS_DIR,MODEL,ENGINE,CACHE_MB,WORKERS,QUEUE,DEADLINE_S,MAX_EVALUATIONS,RATE,TRUST_PROXY,TOKENS,SIGNING_KEYS,LOG", \
  "edge/hosts/deno.ts" \
]
