module tempo

go 1.26

tool github.com/grafana/tempo/cmd/tempo

require github.com/grafana/tempo v1.5.1-0.20241001135150-ed943d7a56b2

replace (
	github.com/bradfitz/gomemcache => github.com/themihai/gomemcache v0.0.0-20180902122335-24332e2d58ab
	github.com/hashicorp/memberlist => github.com/grafana/memberlist v0.3.1-0.20220708130638-bd88e10a3d91
	k8s.io/api => k8s.io/api v0.25.0
	k8s.io/client-go => k8s.io/client-go v0.25.0
)
