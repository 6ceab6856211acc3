package apigateway_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"orderops/aws/local/apigateway"
	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

const order = `{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}`

// post sends a request to POST /Dev/orders and tells what arrived on the queue.
func post(t *testing.T, failure error, method, path, contentType, body string) (answer *httptest.ResponseRecorder, queued string) {
	t.Helper()
	s := apigateway.New(identity.New("000000000000", "us-east-1", "", 1), func(arn, body string) (string, string, error) {
		if arn != "arn:q" {
			t.Errorf("sent to %s", arn)
		}
		queued = body
		sum := md5.Sum([]byte(body))
		return "m-1", hex.EncodeToString(sum[:]), failure
	})
	s.Route(http.MethodPost, "/Dev/orders", "arn:q")
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	answer = httptest.NewRecorder()
	s.ServeHTTP(answer, r)
	return answer, queued
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/Dev/orders", "/Dev/orders/"} {
		w, queued := post(t, nil, http.MethodPost, path, "application/json", order)
		if queued != `{"data":`+order+`}` {
			t.Errorf("queued %s", queued)
		}
		var got map[string]map[string]map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		result := got["SendMessageResponse"]["SendMessageResult"]
		if result["MD5OfMessageBody"] != "e172a0b1b0c410a6d12b96ef434aa4c0" || result["MessageId"] != "m-1" || len(result) != 4 {
			t.Errorf("result %v", result)
		}
		if id, _ := got["SendMessageResponse"]["ResponseMetadata"]["RequestId"].(string); len(id) != 36 {
			t.Errorf("request id %q", id)
		}
	}
}

func TestMapping(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, request, want string }{
		{"order of keys", `{"restaurant_id":"R","quantity":"3","user_id":"U"}`, `{"data":{"user_id":"U","quantity":"3","restaurant_id":"R"}}`},
		{"white space", "{ \"user_id\" : \"U\",\n\"quantity\":\"3\", \"restaurant_id\":\"R\"}\n", `{"data":{"user_id":"U","quantity":"3","restaurant_id":"R"}}`},
		{
			"unknown members", `{"note":{"a": [1, 2.50]},"user_id":"U","quantity":"3","coupon":null,"restaurant_id":"R"}`,
			`{"data":{"user_id":"U","quantity":"3","restaurant_id":"R","note":{"a":[1,2.50]},"coupon":null}}`,
		},
		{"no HTML escapes", `{"user_id":"<&>\u003c","quantity":"3","restaurant_id":"R"}`, `{"data":{"user_id":"<&><","quantity":"3","restaurant_id":"R"}}`},
		{"control characters", `{"user_id":"\u001b[2J","quantity":"3","restaurant_id":"R"}`, `{"data":{"user_id":"\u001b[2J","quantity":"3","restaurant_id":"R"}}`},
		{"the last of two", `{"user_id":"U","quantity":"1","restaurant_id":"R","quantity":"2"}`, `{"data":{"user_id":"U","quantity":"2","restaurant_id":"R"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, queued := post(t, nil, http.MethodPost, "/Dev/orders", "application/json; charset=utf-8", test.request)
			if queued != test.want {
				t.Errorf("%d queued %s\nwant %s", w.Code, queued, test.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	throttled := &wire.Error{Status: http.StatusForbidden, Type: "com.amazonaws.sqs#OverLimit", Message: "too many"}
	for _, test := range []struct {
		name, method, path, kind, body string
		failure                        error
		status                         int
		says                           string
	}{
		{name: "missing field", body: `{"user_id":"U","quantity":"3"}`, status: 400, says: "restaurant_id"},
		{name: "wrong type", body: `{"user_id":"U","quantity":3,"restaurant_id":"R"}`, status: 400, says: "quantity must be a string"},
		{name: "null", body: `{"user_id":null,"quantity":"3","restaurant_id":"R"}`, status: 400, says: "user_id must be a string"},
		{name: "no object", body: `[]`, status: 400, says: "must be a JSON object"},
		{name: "no JSON", body: `{"user_id":`, status: 400, says: "no valid JSON"},
		{name: "two values", body: order + order, status: 400, says: "no valid JSON"},
		{name: "nothing", body: ``, status: 400, says: "no valid JSON"},
		{name: "other content type", kind: "text/plain", body: order, status: 415, says: `"Unsupported Media Type"`},
		{name: "other method", method: http.MethodGet, status: 403, says: `"Missing Authentication Token"`},
		{name: "other path", path: "/Dev/nothing", body: order, status: 403, says: `"Missing Authentication Token"`},
		{name: "other stage", path: "/Prod/orders", body: order, status: 403, says: `"Missing Authentication Token"`},
		{name: "queue refuses", body: order, failure: throttled, status: 403, says: `"Code":"OverLimit","Message":"too many","Type":"Sender"`},
		{name: "queue breaks", body: order, failure: errors.New("gone"), status: 500, says: `"Type":"Receiver"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			method, path, kind := test.method, test.path, test.kind
			if method == "" {
				method = http.MethodPost
			}
			if path == "" {
				path = "/Dev/orders"
			}
			if kind == "" {
				kind = "application/json"
			}
			w, queued := post(t, test.failure, method, path, kind, test.body)
			if w.Code != test.status || !strings.Contains(strings.ReplaceAll(w.Body.String(), `\"`, `"`), test.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if test.failure == nil && queued != "" {
				t.Errorf("queued %s", queued)
			}
		})
	}
}

// FuzzBody wants whatever is queued to be an order of valid JSON, compact.
func FuzzBody(f *testing.F) {
	f.Add(order)
	f.Add(`{"a":[{"b":1e400}],"user_id":"","quantity":"\ud800","restaurant_id":"\u0000"}`)
	f.Fuzz(func(t *testing.T, request string) {
		w, queued := post(t, nil, http.MethodPost, "/Dev/orders", "application/json", request)
		if w.Code != http.StatusOK {
			return
		}
		var got struct {
			Data struct {
				UserID       *string `json:"user_id"`
				Quantity     *string
				RestaurantID *string `json:"restaurant_id"`
			}
		}
		if !json.Valid([]byte(queued)) || !strings.HasPrefix(queued, `{"data":{"user_id":"`) {
			t.Fatalf("queued %q", queued)
		}
		if err := json.Unmarshal([]byte(queued), &got); err == nil && got.Data.UserID == nil {
			t.Errorf("queued %q", queued)
		}
	})
}
