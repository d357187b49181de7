// The pages of the API, read from its schema.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const place = document.getElementById("docs");
  window.SwaggerUIBundle({ url: place.dataset.schema, domNode: place, deepLinking: true, validatorUrl: null });
});
