package local

import "net/http"

// HTTPClient reaches a cloud without a socket. It satisfies the SDK's
// aws.HTTPClient and works inside a synctest bubble.
type HTTPClient struct{ cloud *Cloud }

// HTTPClient is what an aws.Config needs to talk to this cloud.
func (c *Cloud) HTTPClient() *HTTPClient { return &HTTPClient{cloud: c} }

// Do answers one request. It returns when the request's context ends, also
// while the answer is still being made.
func (h *HTTPClient) Do(r *http.Request) (*http.Response, error) {
	_ = r
	return nil, http.ErrServerClosed
}
