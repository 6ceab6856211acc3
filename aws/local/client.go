package local

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"orderops/aws/local/wire"
)

// HTTPClient reaches a cloud without a socket. It satisfies the SDK's
// aws.HTTPClient and works inside a synctest bubble.
type HTTPClient struct{ cloud *Cloud }

// HTTPClient is what an aws.Config needs to talk to this cloud.
func (c *Cloud) HTTPClient() *HTTPClient { return &HTTPClient{cloud: c} }

// Do answers one request. It returns when the request's context ends, also
// while the answer is still being made.
func (h *HTTPClient) Do(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// The body is read here, because the caller may use it again after Do.
	body, err := drain(r)
	if err != nil {
		return nil, err
	}
	if !h.cloud.begin() {
		return nil, http.ErrServerClosed
	}
	answered := make(chan *answer, 1)
	go func() {
		defer h.cloud.running.Done()
		answered <- h.cloud.answer(ctx, r, body)
	}()
	select {
	case a := <-answered:
		if a.err != nil {
			return nil, a.err
		}
		return a.response(r), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func drain(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	// One byte above the limit is enough for the service to refuse the request.
	body, err := io.ReadAll(io.LimitReader(r.Body, wire.MaxRequest+1))
	if closing := r.Body.Close(); err == nil {
		err = closing
	}
	return body, err
}

// answer is an http.ResponseWriter in memory.
type answer struct {
	status int
	header http.Header
	body   *bytes.Buffer
	err    error
}

// answer serves one request. A panic is the caller's error: the local AWS must
// not take the dashboard down with it.
func (c *Cloud) answer(ctx context.Context, r *http.Request, body []byte) (a *answer) {
	a = newAnswer()
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			a.err = io.ErrUnexpectedEOF // what a client sees of a closed connection
		default:
			a.err = fmt.Errorf("the local AWS failed inside: %v", p)
		}
	}()
	served := r.Clone(ctx)
	served.Body = io.NopCloser(bytes.NewReader(body))
	c.serve(a, served)
	return a
}

func newAnswer() *answer { return &answer{header: http.Header{}, body: &bytes.Buffer{}} }

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answer) response(r *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)),
		StatusCode: a.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        a.header,
		Body:          io.NopCloser(a.body),
		ContentLength: int64(a.body.Len()),
		Request:       r,
	}
}
