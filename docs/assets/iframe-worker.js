// A book opened from disk: browsers start no worker there, so the search works in a frame.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.answer = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      frame.srcdoc = `<script>postMessage = (data) => frameElement.answer(data);</script><script src="${url}"></script>`;
      this.begun = new Promise((resolve) => frame.addEventListener("load", () => resolve(frame.contentWindow)));
      document.body.append(frame);
    }

    postMessage(data) {
      this.begun.then((scope) => scope.dispatchEvent(new MessageEvent("message", { data })));
    }
  };
}
