def test_smoke(person):
    r = person("admin").get("/gallery"); open("/tmp/g.html","w").write(r.text); assert r.status_code==200
