package aws_test

import (
	"io"
	"net/http"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws"
)

// watched looks at every request before it goes on.
type watched struct {
	awssdk.HTTPClient
	look func(*http.Request)
}

func (w watched) Do(r *http.Request) (*http.Response, error) {
	w.look(r)
	return w.HTTPClient.Do(r)
}

// net/http takes what WriteTo of a closed body returns for a failure and cuts
// the connection, while the answer is being read.
func TestBodiesHaveNoWriteTo(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		bodies, hidden := 0, true
		s, err := aws.Connect(b.Context(), inRegion(), aws.Options{
			Credentials: credentials.NewStaticCredentialsProvider(accessKey, "secret", ""),
			HTTPClient: watched{b.cloud.HTTPClient(), func(r *http.Request) {
				if r.Body != nil {
					bodies++
					_, bad := r.Body.(io.WriterTo)
					hidden = hidden && !bad
				}
			}},
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Queue.Describe(b.Context(), queueURL); err != nil {
			b.Fatal(err)
		}
		if bodies == 0 || !hidden {
			b.Errorf("%d bodies were seen; without WriteTo: %v", bodies, hidden)
		}
	})
}
