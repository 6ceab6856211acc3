package metrics

import (
	"errors"
	"fmt"
	"net/http"
	"path"

	"github.com/fxamacker/cbor/v2"

	"orderops/aws/local/wire"
)

// ServeHTTP answers Smithy RPC v2 over CBOR: POST /service/<service>/operation/<operation>.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := s.answer(r)
	if err != nil {
		s.Refuse(w, r, err)
		return
	}
	s.write(w, http.StatusOK, answer)
}

func (s *Service) answer(r *http.Request) (any, error) {
	if name := path.Base(r.URL.Path); name != "GetMetricData" {
		return nil, &wire.Error{
			Type:    "com.amazon.coral.service#UnknownOperationException",
			Message: fmt.Sprintf("The operation %q is not implemented by the local AWS", name),
		}
	}
	body, err := wire.ReadBody(r)
	if err != nil {
		return nil, err
	}
	in := new(getMetricDataInput)
	if err := cbor.Unmarshal(body, in); err != nil {
		return nil, &wire.Error{Type: "com.amazon.coral.service#SerializationException", Message: "The request body is not valid CBOR"}
	}
	return s.getMetricData(r.Context(), in)
}

// Refuse answers with an error.
func (s *Service) Refuse(w http.ResponseWriter, _ *http.Request, err error) {
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		e = &wire.Error{Status: http.StatusInternalServerError, Type: "InternalFailure", Message: err.Error()}
	}
	if e.QueryCode != "" {
		w.Header().Set("X-Amzn-Query-Error", e.QueryCode+";Sender")
	}
	s.write(w, e.HTTPStatus(), map[string]string{"__type": e.Type, "message": e.Message})
}

func (s *Service) write(w http.ResponseWriter, status int, answer any) {
	mode, err := cbor.EncOptions{Time: cbor.TimeUnixDynamic, TimeTag: cbor.EncTagRequired}.EncMode()
	var body []byte
	if err == nil {
		body, err = mode.Marshal(answer)
	}
	if err != nil {
		status = http.StatusInternalServerError // a struct of texts and numbers always encodes
	}
	h := w.Header()
	h.Set("Content-Type", "application/cbor")
	h.Set("Smithy-Protocol", "rpc-v2-cbor")
	h.Set("X-Amzn-Requestid", s.newID())
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // CBOR, which no browser runs; a client that has gone is not told
}
