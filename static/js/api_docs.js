// Draws the interface's description with Swagger UI from our own files; trying a call out uses the browser's session.

const place = document.getElementById("api-docs");
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = token();
    return request;
  },
});
