package apigateway_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"orderops/aws/local/apigateway"
	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// definition is an API of one method.
const definition = `{"paths":{"/orders":{"post":{
	"security":[{"signature":[]}],
	"x-amazon-apigateway-request-validator":"body",
	"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Order"}}}},
	"x-amazon-apigateway-integration":{"type":"aws","uri":"arn:q/OrderQueue","credentials":"role","passthroughBehavior":"never",
		"requestTemplates":{"application/json":"Action=SendMessage&MessageBody=$util.urlEncode($input.json('$.user_id'))"},
		"responses":{"20\\d":{"statusCode":202,"responseParameters":{"method.response.header.id":"integration.response.body.SendMessageResponse.SendMessageResult.MessageId"}},"default":{"statusCode":"503","responseTemplates":{"application/json":"no"}}}}}}},
	"components":{"schemas":{"Order":{"type":"object","properties":{"user_id":{"type":"string","pattern":"^[^\\u0000]+$"}}}}}}`

func newService(t *testing.T, failure error) (s *apigateway.Service, sent *string) {
	t.Helper()
	sent = new(string)
	return apigateway.New(identity.New("000000000000", "us-east-1", "", 1), func(role, queue, body string) (string, string, error) {
		*sent = role + " " + queue + " " + body
		return "m-1", "digest", failure
	}), sent
}

func TestAMethodIsWhatItsDefinitionSays(t *testing.T) {
	t.Parallel()
	const asked = "Credential="
	for name, test := range map[string]struct {
		method, path, authorization, body string
		failure                           error
		status                            int
		sent                              string
	}{
		"an order":             {http.MethodPost, "/Dev/orders", asked, `{"user_id":"<u>"}`, nil, 202, `role OrderQueue "<u>"`},
		"slash at the end":     {http.MethodPost, "/Dev/orders/", asked, `{"user_id":"u"}`, nil, 202, `role OrderQueue "u"`},
		"unsigned":             {http.MethodPost, "/Dev/orders", "", `{"user_id":"u"}`, nil, 403, ""},
		"other method":         {http.MethodGet, "/Dev/orders", asked, "", nil, 403, ""},
		"other path":           {http.MethodPost, "/Dev/nothing", asked, "", nil, 403, ""},
		"other stage":          {http.MethodPost, "/Prod/orders", asked, "", nil, 403, ""},
		"what no model knows":  {http.MethodPost, "/Dev/orders", asked, `{"user_id":"u","more":1}`, nil, 202, `role OrderQueue "u"`},
		"what the model minds": {http.MethodPost, "/Dev/orders", asked, `{"user_id":"\u0000"}`, nil, 400, ""},
		"too much":             {http.MethodPost, "/Dev/orders", asked, strings.Repeat(" ", wire.MaxRequest+1), nil, 413, ""},
		"the queue refuses":    {http.MethodPost, "/Dev/orders", asked, `{"user_id":"u"}`, &wire.Error{Status: 403}, 503, `role OrderQueue "u"`},
		"the queue breaks":     {http.MethodPost, "/Dev/orders", asked, `{"user_id":"u"}`, errors.New("gone"), 503, `role OrderQueue "u"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, sent := newService(t, test.failure)
			if err := s.Deploy("Dev", "arn:q/", []byte(definition)); err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), test.method, test.path, strings.NewReader(test.body))
			r.Header.Set("Authorization", test.authorization)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != test.status || *sent != test.sent {
				t.Errorf("%d %s, sent %s", w.Code, w.Body, *sent)
			}
		})
	}
}

func TestWhatItCannotDoIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]struct{ from, to, says string }{
		"no JSON":              {definition, "{", "can't be read"},
		"another scheme":       {`"signature"`, `"users"`, "signature or for nothing"},
		"another integration":  {`"aws"`, `"http"`, "type aws"},
		"another service":      {"arn:q/", "arn:other/", "arn:q/<queue>"},
		"passing through":      {`"never"`, `"when_no_match"`, "never pass through"},
		"code in the template": {"Action=SendMessage", "#set($a=1)Action=SendMessage", "#set($a=1)"},
		"another action":       {"Action=SendMessage", "Action=DeleteQueue", "Action=SendMessage"},
		"a header":             {"Result.MessageId", "Result.MD5OfMessageBody", "MD5OfMessageBody"},
		"a rule of the schema": {`"pattern"`, `"minLength":1,"pattern"`, "minLength"},
		"a pattern":            {`^[^\\u0000]+$`, `(?=a)`, "pattern"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newService(t, nil)
			changed := strings.Replace(definition, change.from, change.to, 1)
			if err := s.Deploy("Dev", "arn:q/", []byte(changed)); err == nil || !strings.Contains(err.Error(), change.says) || changed == definition {
				t.Errorf("error is %v, want %s", err, change.says)
			}
		})
	}
}
