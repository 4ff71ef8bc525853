"""A client of `mvr serve` for the evaluation scripts of others: standard library only.

Vectors come from /v1/embeddings (one row an input) and /pooling (several), rankings from /v1/collections/NAME/search.
"""

import base64
import io
import json
import time
import urllib.parse
import urllib.request
import uuid

_PAGE = 100
_POLL_SECONDS = 0.2


class ServerError(RuntimeError):
    """The server refused a request; the message is its own."""


class Client:
    def __init__(self, url="http://127.0.0.1:8080", key=None, timeout=600):
        self.url = url.rstrip("/")
        self.key = key
        self.timeout = timeout

    def embed(self, model, inputs, role="document"):
        """One row of numbers for each input: a text, or the bytes of a picture."""
        body = {"model": model, "input": [_input(item) for item in inputs], "input_type": role, "truncate": True}
        data = self._post("/v1/embeddings", body)["data"]
        return [item["embedding"] for item in sorted(data, key=lambda item: item["index"])]

    def pool(self, model, inputs, role="document"):
        """The rows of each input, of a model that gives several."""
        body = {"model": model, "input": [_input(item) for item in inputs], "input_type": role, "truncate": True, "task": "token_embed"}
        data = self._post("/pooling", body)["data"]
        return [item["data"] for item in sorted(data, key=lambda item: item["index"])]

    def is_multi_vector(self, model):
        return bool(self._get("/v1/models/" + urllib.parse.quote(model, safe="")).get("isMultiVector"))

    def create(self, collection, models):
        self._send("PUT", self._path(collection, ""), {"models": list(models)})

    def delete(self, collection):
        name = urllib.parse.quote(collection, safe="")
        self._send("DELETE", f"/v1/collections/{name}?confirm={name}", None)

    def upload(self, collection, files):
        """Stores files, name and bytes each, and waits until they are indexed. Raises when one cannot be."""
        boundary = uuid.uuid4().hex
        body = io.BytesIO()
        for name, content in files:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            body.write((head + "Content-Type: application/octet-stream\r\n\r\n").encode())
            body.write(content)
            body.write(b"\r\n")
        body.write(f"--{boundary}--\r\n".encode())
        job = self._request("POST", self._path(collection, "/documents"), body.getvalue(), f"multipart/form-data; boundary={boundary}")
        while job["state"] in ("queued", "running"):
            time.sleep(_POLL_SECONDS)
            job = self._get("/v1/jobs/" + job["id"])
        if job["state"] != "succeeded":
            raise ServerError(f"indexing ended as {job['state']}: {job.get('error')}")
        return job

    def search(self, collection, text=None, image=None, top=10, using="vectors"):
        """Documents, best first, each once: key and score."""
        body = {"using": using, "explain": False, "groupSize": 1}
        if text and image:
            body["image"] = base64.b64encode(image).decode()
            body["parts"] = [{"text": text, "role": "modifier"}]
        elif image:
            body["image"] = base64.b64encode(image).decode()
        else:
            body["text"] = text
        found = []
        while len(found) < top:
            size = min(_PAGE, top - len(found))
            answer = self._post(self._path(collection, "/search"), {**body, "top": size, "offset": len(found)})
            found += [(hit["document"], hit["score"]) for hit in answer["hits"]]
            if not answer.get("hasMore") or not answer["hits"]:
                break
        return found

    @staticmethod
    def _path(collection, rest):
        return "/v1/collections/" + urllib.parse.quote(collection, safe="") + rest

    def _get(self, path):
        return self._request("GET", path, None, None)

    def _post(self, path, body):
        return self._send("POST", path, body)

    def _send(self, method, path, body):
        return self._request(method, path, None if body is None else json.dumps(body).encode(), "application/json")

    def _request(self, method, path, body, content_type):
        headers = {"Accept": "application/json"}
        if content_type:
            headers["Content-Type"] = content_type
        if self.key:
            headers["Authorization"] = "Bearer " + self.key
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise ServerError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from None
        return json.loads(content) if content else None


def picture_bytes(picture):
    """The bytes of a picture: of a PIL image its PNG, of a dictionary of a data set its bytes, of a path its file."""
    if isinstance(picture, (bytes, bytearray)):
        return bytes(picture)
    if isinstance(picture, dict):
        return picture["bytes"] if picture.get("bytes") else picture_bytes(picture["path"])
    if isinstance(picture, str):
        with open(picture, "rb") as file:
            return file.read()
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()


def _input(item):
    return {"image": base64.b64encode(item).decode()} if isinstance(item, (bytes, bytearray)) else {"text": item}
