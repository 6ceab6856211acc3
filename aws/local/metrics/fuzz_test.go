package metrics_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"orderops/aws/local/metrics"
)

// FuzzRequest wants any bytes answered in the protocol's form.
func FuzzRequest(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0xa0})
	f.Add([]byte("\xa1qMetricDataQueries\x81\xa1bIdam"))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := metrics.New(func() string { return "id" })
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/service/GraniteServiceVersion20100801/operation/GetMetricData", bytes.NewReader(body)))
		if w.Header().Get("Smithy-Protocol") != "rpc-v2-cbor" || w.Code >= http.StatusInternalServerError {
			t.Errorf("%d for %x", w.Code, body)
		}
	})
}
